-- Against mistakes of ours: whoever owns the database may also drop these. The chain is what shows that.
create function entries_stay() returns trigger language plpgsql as $$ begin raise exception 'an entry is never changed or removed'; end $$;
create trigger entries_stay before update or delete or truncate on entries for each statement execute function entries_stay();
