-- Whose a server's name is: one life of a server at a time, which counts up as long as it lives.
CREATE TABLE server (
  name VARCHAR(255) PRIMARY KEY,
  life VARCHAR(36) NOT NULL,
  place VARCHAR NOT NULL,
  beats BIGINT NOT NULL
);
