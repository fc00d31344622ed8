-- Which columns a directory source filled: one that is gone says nothing any more, and must not be read as a default.

alter table directory_reads add column columns text[];
comment on column directory_reads.columns is 'Our columns that had values in it; null before this was kept';
