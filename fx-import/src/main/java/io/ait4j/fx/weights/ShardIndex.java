package io.ait4j.fx.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A checkpoint in several files, which a JSON index lists: {@code weight_map}, name to file. */
final class ShardIndex {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final Map<String, Checkpoint> shards = new LinkedHashMap<>();

  private ShardIndex(Path file) {
    this.file = file;
  }

  static Checkpoint open(Path file) {
    ShardIndex index = new ShardIndex(file);
    try {
      return new Checkpoint(file.toString(), index.tensors(), index::close);
    } catch (RuntimeException e) {
      index.close();
      throw e;
    }
  }

  private void close() {
    shards.values().forEach(Checkpoint::close);
  }

  private Map<String, NativeTensor> tensors() {
    Map<String, NativeTensor> tensors = new LinkedHashMap<>();
    weightMap()
        .forEach(
            (name, shardName) -> {
              Checkpoint shard = shards.computeIfAbsent(shardName, this::shard);
              NativeTensor tensor = shard.tensors().get(name);
              if (tensor == null) {
                throw bad("its shard " + shardName + " lacks the tensor " + name, null);
              }
              tensors.put(name, tensor);
            });
    return tensors;
  }

  private Checkpoint shard(String name) {
    if (!name.matches("[^/\\\\\\x00]+") || name.equals("..") || name.endsWith(".json")) {
      throw bad("its weight_map names '" + name + "', which is no file beside it", null);
    }
    return Checkpoint.open(file.resolveSibling(name));
  }

  private Map<String, String> weightMap() {
    Map<String, String> map = null;
    try (JsonParser parser = JSON.createParser(Files.newBufferedReader(file))) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("weight_map");
        JsonToken value = parser.nextToken();
        if (wanted && value == JsonToken.START_OBJECT) {
          map = strings(parser);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw bad("it is no valid JSON: " + WholeFile.reason(e).lines().findFirst().orElse(""), e);
    }
    if (map == null || map.isEmpty()) {
      throw bad("it has no weight_map", null);
    }
    return map;
  }

  private Map<String, String> strings(JsonParser parser) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw bad("its weight_map has no file for " + name, null);
      }
      map.put(name, parser.getText());
    }
    return map;
  }

  private ModelException bad(String why, Exception cause) {
    return new ModelException(
        ModelException.Kind.IMPORT, file + " cannot be used as an index of weights: " + why, cause);
  }
}
