package io.ait4j.fx.export;

import java.util.HashMap;
import java.util.Map;

/** Reads {@code *_config.json}: which entry holds which weight. */
final class PayloadParser {
  private final Json json;
  private final ArgumentParser types;
  private final String folder;

  PayloadParser(Json json, String folder) {
    this.json = json;
    this.types = new GraphParser(json).arguments();
    this.folder = folder;
  }

  Map<String, Payload> config() {
    Map<String, Payload> all = new HashMap<>();
    json.fields(
        key -> {
          if (key.equals("config")) {
            all.putAll(json.map(this::payload));
          } else {
            json.skip();
          }
        });
    return all;
  }

  private Payload payload() {
    String[] entry = {null};
    boolean[] pickled = {false};
    TensorType[] type = {null};
    json.fields(
        key -> {
          switch (key) {
            case "path_name" -> entry[0] = json.text();
            case "use_pickle" -> pickled[0] = json.bool();
            case "tensor_meta" -> type[0] = json.orNull(types::tensorType);
            default -> json.skip();
          }
        });
    return new Payload(folder + json.required(entry[0], "path_name"), pickled[0], type[0]);
  }
}
