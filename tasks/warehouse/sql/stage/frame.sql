-- stage/frame: a frame as a temporary table. In braces: names from tasks/warehouse/frames.py.
create or replace temp table {name} as
select {columns} from shown_frame
