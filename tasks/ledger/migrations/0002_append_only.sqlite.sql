-- Against mistakes of ours: whoever may write the file may also drop these. The chain is what shows that.
create trigger entries_stay before update on entries begin select raise(abort, 'an entry is never changed'); end;
create trigger entries_last before delete on entries begin select raise(abort, 'an entry is never removed'); end;
