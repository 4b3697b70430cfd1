CREATE TABLE fruit (name TEXT NOT NULL); -- a comment; with a semicolon
CREATE INDEX fruit_names ON fruit (name);
