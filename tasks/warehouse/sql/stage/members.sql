-- stage/members: the rows of the edges of members. Parameters: $paths, $kinds, lists of equal length.
-- Every field is read as text, so that an odd value can't stop the load; now/members gives the types.
insert into raw_members
select $kinds[list_position($paths, filename)], id, name, first_name, last_name, email, role, title,
    finance_permission, ip_permission, two_fac_status, pending_email, marked_for_removal, status, created_time,
    expiration_time, business_role_request, created_by
from read_json($paths, format = 'newline_delimited', compression = 'gzip', filename = true, columns = {
    id: 'varchar', name: 'varchar', first_name: 'varchar', last_name: 'varchar', email: 'varchar',
    role: 'varchar', title: 'varchar', finance_permission: 'varchar', ip_permission: 'varchar',
    two_fac_status: 'varchar', pending_email: 'varchar', marked_for_removal: 'varchar', status: 'varchar',
    created_time: 'varchar', expiration_time: 'varchar', business_role_request: 'varchar',
    created_by: 'varchar'
})
where id is not null
