create text search dictionary d (template = simple, accept = false);
create text search configuration c (copy = simple);
create text search configuration gone (parser = default);
