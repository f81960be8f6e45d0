package io.ait4j.fx.onnx;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.onnx.proto.OperatorSetMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which version of each domain's operators a graph is written for. */
record OnnxOpsets(Map<String, Long> versions) {
  /** The standard domain's name. */
  static final String STANDARD = "";

  private static final long OLDEST = 13;
  private static final long NEWEST = 22;

  /** Throws {@link ModelException} (IMPORT) if the standard domain's version is not one we know. */
  static OnnxOpsets of(List<OperatorSetMessage> imports) {
    Map<String, Long> versions = new HashMap<>();
    for (OperatorSetMessage set : imports) {
      versions.put(domain(set.getDomain()), set.getVersion());
    }
    Long version = versions.get(STANDARD);
    if (version != null && (version < OLDEST || version > NEWEST)) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "the model is written for ONNX operator set %d; %d to %d are supported: export it with opset_version=%d"
              .formatted(version, OLDEST, NEWEST, 20));
    }
    return new OnnxOpsets(Map.copyOf(versions));
  }

  /** A domain by its one name: the standard one has two. */
  static String domain(String name) {
    return name.equals("ai.onnx") ? STANDARD : name;
  }

  /** 0 if the graph does not name the domain. */
  long version(String domain) {
    return versions.getOrDefault(domain(domain), 0L);
  }
}
