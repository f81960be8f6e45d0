package io.ait4j.fx.export;

import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code models/*.json}, the text of an exported program. */
final class ProgramParser {
  private final Json json;
  private final GraphParser graphs;
  private final SignatureParser signatures;

  private ProgramGraph graph;
  private final List<ProgramInput> inputs = new ArrayList<>();
  private final List<ProgramOutput> outputs = new ArrayList<>();
  private final Map<String, ExportedProgram.Bounds> bounds = new HashMap<>();
  private final List<String> guards = new ArrayList<>();
  private String outputTree;

  private ProgramParser(Json json) {
    this.json = json;
    this.graphs = new GraphParser(json);
    this.signatures = new SignatureParser(json, graphs.arguments());
  }

  /**
   * @param name of the text, for messages
   * @throws io.ait4j.fx.ModelException (IMPORT) if it is of an unknown version or not as its schema
   *     wants it
   */
  static ExportedProgram parse(String name, byte[] text) {
    SchemaVersion.check(name, text);
    return Json.read(name, text, json -> new ProgramParser(json).program());
  }

  private ExportedProgram program() {
    json.fields(
        key -> {
          switch (key) {
            case "graph_module" -> module();
            case "range_constraints" -> bounds.putAll(json.map(this::bounds));
            case "guards_code" -> guards.addAll(json.list(json::text));
            default -> json.skip();
          }
        });
    return new ExportedProgram(
        json.required(graph, "graph_module"), inputs, outputs, bounds, guards, outputTree);
  }

  private void module() {
    json.fields(
        key -> {
          switch (key) {
            case "graph" -> graph = graphs.graph();
            case "signature" -> signature();
            case "module_call_graph" -> json.list(this::call);
            default -> json.skip();
          }
        });
  }

  private void signature() {
    json.fields(
        key -> {
          switch (key) {
            case "input_specs" -> inputs.addAll(json.list(signatures::input));
            case "output_specs" -> outputs.addAll(json.list(signatures::output));
            default -> json.skip();
          }
        });
  }

  /** One module's call; that of the whole model has an empty path. */
  private Void call() {
    String[] path = {null};
    String[] tree = {null};
    json.fields(
        key -> {
          switch (key) {
            case "fqn" -> path[0] = json.text();
            case "signature" ->
                json.orNull(
                    () -> {
                      json.fields(
                          field -> {
                            if (field.equals("out_spec")) {
                              tree[0] = json.orNull(json::text);
                            } else {
                              json.skip();
                            }
                          });
                      return null;
                    });
            default -> json.skip();
          }
        });
    if ("".equals(path[0])) {
      outputTree = tree[0];
    }
    return null;
  }

  private ExportedProgram.Bounds bounds() {
    long[] limits = {-Dim.UNBOUNDED, Dim.UNBOUNDED};
    json.fields(
        key -> {
          switch (key) {
            case "min_val" -> limits[0] = limit(-Dim.UNBOUNDED);
            case "max_val" -> limits[1] = limit(Dim.UNBOUNDED);
            default -> json.skip();
          }
        });
    if (limits[0] > limits[1]) {
      throw json.bad("has a symbol from " + limits[0] + " to " + limits[1]);
    }
    return new ExportedProgram.Bounds(limits[0], limits[1]);
  }

  /** Infinity is written as null, as a float or as a text, and sometimes as sympy's largest. */
  private long limit(long none) {
    if (json.isNull() || json.isText()) {
      return none;
    }
    double value = json.number();
    if (Double.isNaN(value)) {
      throw json.bad("has a symbol without bounds");
    }
    return Math.abs(value) >= 0x1p62 ? none : Math.round(value);
  }
}
