create function ev() returns event_trigger language plpgsql as 'begin end';
create event trigger watch on ddl_command_end execute function ev();
create event trigger gone on sql_drop execute function ev();
