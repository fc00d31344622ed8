"""Exports of the same people, written as each system writes them: made up, with the real headers."""

import csv
import io
from collections.abc import Mapping, Sequence


def _columns(header: str) -> list[str]:
    return header.split(",")


GOOGLE_HEADER = _columns(
    "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],"
    "Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],"
    "Status [READ ONLY],Last Sign In [READ ONLY],Recovery Email,Home Secondary Email,Work Secondary Email,"
    "Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone,Work Address,"
    "Home Address,Employee ID,Employee Type,Employee Title,Manager Email,Department,Cost Center,"
    "2sv Enrolled [READ ONLY],"
    "2sv Enforced [READ ONLY],Building ID,Floor Name,Floor Section,Email Usage [READ ONLY],"
    "Drive Usage [READ ONLY],Total Storage [READ ONLY],Change Password at Next Sign-In,"
    "New Status [UPLOAD ONLY]"
)
ENTRA_HEADER = _columns(
    "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,"
    "usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,"
    "alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,"
    "creationType,directorySynced,invitationState,identityIssuer,createdDateTime"
)
M365_HEADER = _columns(
    "Block credential,City,Country/Region,Department,DirSyncEnabled,Display name,Fax,First name,"
    "Last dirsync time,Last name,Last password change time stamp,License assignment details,Licenses,"
    "Mobile Phone,Oath token meta data,Object Id,Office,Password never expires,Phone number,Postal code,"
    "Preferred data location,Preferred language,Proxy addresses,Release track,Soft deletion time stamp,State,"
    "Street address,Strong password required,Title,Usage location,User principal name,When created"
)
OKTA_HEADER = _columns(
    "id,status,profile.login,profile.firstName,profile.lastName,profile.email,profile.department"
)
ZERO = "00000000-0000-4000-8000-"

GOOGLE = [
    {
        "First Name [Required]": "Ana",
        "Last Name [Required]": "Ruiz",
        "Email Address [Required]": "ana.ruiz@northwind.example",
        "Password [Required]": "****",
        "Org Unit Path [Required]": "/Marketing",
        "Status [READ ONLY]": "Active",
        "Recovery Email": "ana@private.example",
        "Work Secondary Email": "ana@nw.example",
        "Work Address": 'Plaza Mayor 1\n28012 "Madrid", Spain',
        "Department": "Marketing",
        "Employee Title": "Lead",
    },
    {
        "First Name [Required]": "Ben",
        "Last Name [Required]": "Okafor",
        "Email Address [Required]": "ben.okafor@northwind.example",
        "Status [READ ONLY]": "Suspended",
        "Last Sign In [READ ONLY]": "Never logged in",
    },
    {
        "First Name [Required]": "Cleo",
        "Last Name [Required]": "Marsh",
        "Email Address [Required]": "cleo.marsh@northwind.example",
        "Status [READ ONLY]": "Archived",
    },
]
OKTA = [
    {
        "id": "00uANA",
        "status": "ACTIVE",
        "profile.login": "ana.ruiz@northwind.example",
        "profile.firstName": "Ana",
        "profile.lastName": "Ruiz",
        "profile.email": "ana@nw.example",
        "profile.department": "Marketing",
    },
    {
        "id": "00uBEN",
        "status": "SUSPENDED",
        "profile.login": "ben.okafor@northwind.example",
        "profile.email": "ben.okafor@northwind.example",
    },
    {"id": "00uCLE", "status": "DEPROVISIONED", "profile.login": "cleo.marsh@northwind.example"},
    {"id": "00uDAN", "status": "LOCKED_OUT", "profile.login": "dan.ito@northwind.example"},
    {"id": "00uEVA", "status": "STAGED", "profile.login": "eva"},
]
ENTRA = [
    {
        "userPrincipalName": "ana.ruiz@northwind.example",
        "displayName": "Ana Ruiz",
        "surname": "Ruiz",
        "mail": "ana@nw.example",
        "givenName": "Ana",
        "id": f"{ZERO}000000000001",
        "userType": "Member",
        "jobTitle": "Lead",
        "accountEnabled": "True",
        "streetAddress": "Plaza Mayor 1\n28012 Madrid",
        "alternateEmailAddress": "ana@private.example",
    },
    {
        "userPrincipalName": "gina_partner.example#EXT#@northwind.onmicrosoft.example",
        "displayName": "Gina Holt",
        "mail": "gina@partner.example",
        "id": f"{ZERO}000000000002",
        "userType": "Guest",
        "accountEnabled": "True",
        "invitationState": "Accepted",
    },
    {
        "userPrincipalName": "info@northwind.example",
        "displayName": "Info mailbox",
        "id": f"{ZERO}000000000003",
        "userType": "Member",
        "accountEnabled": "False",
    },
]
M365 = [
    {
        "Block credential": "False",
        "Display name": "Ana Ruiz",
        "First name": "Ana",
        "Last name": "Ruiz",
        "Licenses": "Microsoft 365 E3+Visio Plan 2",
        "Object Id": f"{ZERO}000000000001",
        "Proxy addresses": "SIP:ana@northwind.example+smtp:ana+ads@northwind.example+SMTP:ana@nw.example",
        "User principal name": "ana.ruiz@northwind.example",
    },
    {
        "Block credential": "True",
        "Display name": "Info mailbox",
        "Licenses": "Unlicensed",
        "Object Id": f"{ZERO}000000000003",
        "Proxy addresses": "SMTP:info@northwind.example",
        "User principal name": "info@northwind.example",
    },
    {
        "Block credential": "True",
        "Display name": "Cleo Marsh",
        "Object Id": f"{ZERO}000000000004",
        "Soft deletion time stamp": "2026-11-20 09:12:44Z",
        "User principal name": "cleo.marsh@northwind.example",
    },
    {
        "Block credential": "False",
        "Display name": "Gina Holt",
        "Object Id": f"{ZERO}000000000002",
        "Proxy addresses": "SMTP:gina@partner.example",
        "User principal name": "gina_partner.example#EXT#@northwind.onmicrosoft.example",
    },
]
ALL = {
    "google_workspace": (GOOGLE_HEADER, GOOGLE),
    "okta": (OKTA_HEADER, OKTA),
    "entra": (ENTRA_HEADER, ENTRA),
    "microsoft_365": (M365_HEADER, M365),
}


def text(header: Sequence[str], rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    """Return the file, with CRLF as these systems write it."""
    out = io.StringIO()
    lines = csv.DictWriter(out, header, restval="", delimiter=delimiter)
    lines.writeheader()
    lines.writerows(rows)
    return out.getvalue()
