create function ev() returns event_trigger language plpgsql as 'begin end';
create event trigger watch on ddl_command_end when tag in ('CREATE SEQUENCE', 'CREATE VIEW') execute function ev();
create event trigger off on sql_drop execute function ev();
alter event trigger off disable;
comment on event trigger off is 'not now';
