package io.ait4j.fx.export;

import io.ait4j.fx.ModelException;

/** The version of the program's schema; a new major one says that its meaning has changed. */
record SchemaVersion(int major, int minor) {
  private static final int OLDEST = 5;
  private static final int NEWEST = 8;

  /**
   * Looks it up before the program itself is read.
   *
   * @throws ModelException (IMPORT) if it is one that is not known here
   */
  static SchemaVersion check(String name, byte[] program) {
    SchemaVersion found =
        Json.read(
            name,
            program,
            json -> {
              int[] version = {-1, 0};
              String[] torch = {""};
              json.fields(
                  key -> {
                    switch (key) {
                      case "schema_version" -> read(json, version);
                      case "torch_version" -> torch[0] = json.orNull(json::text);
                      default -> json.skip();
                    }
                  });
              if (version[0] < 0) {
                throw json.bad("misses its schema_version");
              }
              return new SchemaVersion(version[0], version[1]);
            });
    if (found.major < OLDEST || found.major > NEWEST) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "%s is written in version %d.%d of torch.export's schema, and versions %d to %d are read; export the model again with %s PyTorch"
              .formatted(
                  name,
                  found.major,
                  found.minor,
                  OLDEST,
                  NEWEST,
                  found.major < OLDEST ? "a newer" : "a supported"));
    }
    return found;
  }

  private static void read(Json json, int[] version) {
    if (json.isNumber()) {
      version[0] = json.small();
      return;
    }
    json.fields(
        key -> {
          switch (key) {
            case "major" -> version[0] = json.small();
            case "minor" -> version[1] = json.small();
            default -> json.skip();
          }
        });
  }
}
