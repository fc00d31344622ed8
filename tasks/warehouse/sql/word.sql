-- word: the macro `word`, by which rows of one person are ordered: who comes first has the word. Parameters of the
-- macro: the sources in their order, and those of them that say nobody's status. A source that misses the person comes
-- last, and one that says "active" of everybody after one that knows; else the order of the sources decides.
create or replace temp macro word(status, source, sources, silent) as [
    case when status = 'missing' then 2 when status = 'active' and list_contains(silent, source) then 1 else 0 end,
    coalesce(list_position(sources, source), 999)
]
