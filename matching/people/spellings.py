"""One name in several Latin spellings: how it comes out depends on who wrote it down, and in which country.

Nobody chooses these as a short form; passports, airlines and schools do. Folded to ASCII, as all words here.
"""

from collections.abc import Mapping
from functools import cache
from itertools import permutations

# Each line: spellings of one name. Given names of Cyrillic, Arabic, Greek and Hebrew script; then Korean
# family names, of which half the people there bear five, and the syllables of given names.
_SPELLINGS = """
alexander aleksandr alexandr aleksander aleksandar
alexandra aleksandra
alexei aleksei alexey aleksey alexej
alyona aljona alena
anastasia anastasiia anastasiya anastasija
artem artyom artjom artiom
andrei andrey andrej andrii
arseny arseni arsenii
daria darya darja dariia
dmitry dmitri dmitrii dmitriy
ekaterina yekaterina jekaterina
fedor fyodor fjodor fiodor
elena yelena jelena
elizaveta yelizaveta
evgeny evgenii evgeniy yevgeny evgeni yevgeniy
evgenia evgeniya evgeniia yevgenia
georgy georgii georgiy
grigory grigorii grigoriy
igor ihor
ilya ilia ilja illia
irina iryna
julia yulia iulia iuliia yuliya yuliia
ksenia kseniia kseniya xenia ksenija
lyubov liubov ljubov ljubow
lyudmila liudmila ljudmila ludmila
maria mariia mariya marija
mikhail mihail michail
natalia nataliia nataliya natalya natalija
nikolai nikolay nikolaj
oksana oxana
petr pyotr pjotr piotr petro
semen semyon semjon semion
sergei sergey sergej serhii serhiy sergii
sofia sofya sofja sofiia sofiya sofija sophia
tatiana tatyana tatjana tetiana
valery valerii valeriy
valeria valeriia valeriya valerija
vasily vasilii vasiliy
victor viktor
victoria viktoria viktoriia viktoriya
vitaly vitalii vitaliy
vladimir wladimir
vyacheslav viacheslav
yaroslav iaroslav
yana iana jana
yuri yury yurii iurii juri yuriy
zhanna janna
abdallah abdullah abdulla abdalla
abdelrahman abdulrahman abdurrahman abderrahman
ahmed ahmad ahmet
aisha ayesha aicha aysha
amin amine ameen
aziz azeez
bilal bilel
fatima fatema fatimah fatma
faisal faysal feisal
hamid hameed
hasan hassan
hossein hussein husain hussain houssein husayn
ibrahim ebrahim brahim ibraheem
ismail ismael esmail ismaeel
jamal gamal djamal
jamil jameel djamil
kareem karim
khaled khalid
leila layla laila leyla
khadija khadijah
latifa lateefa
mahmoud mahmood mahmud
mariam maryam mariyam
mohammed mohamed muhammad mohammad muhammed mohamad mohamud muhamad
mostafa mustafa moustafa mustapha
mounir munir muneer
nour noor nur
omar umar omer
osama usama oussama
othman osman usman
rachid rashid rasheed
saeed said saied
salma selma
samir sameer
sayed syed sayyid
sulaiman suleiman soliman suleyman
tarek tariq tarik
walid waleed
yasmin yasmine jasmin jasmine yasmeen
yasin yassin yassine yaseen
youssef yusuf yousef yousuf youssouf yosef
zainab zeinab zaynab zeynep
zaid zayd ziad ziyad
christos hristos
dimitrios dimitris
efthymios efthimios euthymios
eleni helen
georgios giorgos yorgos
ioannis yannis giannis yiannis
konstantinos constantinos
nikolaos nicolaos
panagiotis panayiotis
vasileios vasilios vassilis vasilis
avraham abraham
chaim haim hayim
itzhak yitzhak isaac
moshe moishe
rivka rebecca
shlomo solomon
yehuda jehuda
gim kim
yi lee rhee
bak park pak
choe choi
jeong jung chung
jo cho
yun yoon youn
jang chang
im lim
seo suh
sin shin
gwon kwon
hwang whang
an ahn
yu yoo ryu
jeon jun chun
go ko koh
mun moon
son sohn
bae pae
baek paik baik
heo hur huh
nam nahm
no noh roh
gwak kwak
seong sung
ju joo
u woo
gu koo
gang kang
jin chin
won weon
yeong young yong
hyeon hyun
hyeong hyung
eun un
geun keun
gyeong kyung kyeong
jun joon
su soo
hui hee
seung sung
"""


@cache
def spellings() -> Mapping[str, list[str]]:
    """Return one row per two spellings of a name, in both directions: said, carried."""
    groups = [line.split() for line in _SPELLINGS.strip().split("\n")]
    both = sorted({pair for group in groups for pair in permutations(group, 2)})
    return {"said": [one for one, _ in both], "carried": [other for _, other in both]}
