package io.ait4j.fx.export;

import io.ait4j.fx.Weight;
import java.util.HashMap;
import java.util.Map;

/** Reads the {@code InputSpec} and {@code OutputSpec} unions. */
final class SignatureParser {
  private final Json json;
  private final ArgumentParser arguments;

  SignatureParser(Json json, ArgumentParser arguments) {
    this.json = json;
    this.arguments = arguments;
  }

  ProgramInput input() {
    return json.union(
        "an input",
        kind ->
            switch (kind) {
              case "user_input" -> new ProgramInput.User(json.required(spec().value(), "arg"));
              case "parameter", "buffer", "tensor_constant" -> {
                Spec spec = spec();
                yield new ProgramInput.Stored(
                    name(spec), spec.required(json, kind + "_name"), stored(kind, spec));
              }
              case "constant_input" -> {
                Spec spec = spec();
                yield new ProgramInput.Constant(
                    spec.required(json, "name"), json.required(spec.value(), "value"));
              }
              default -> {
                Spec spec = spec();
                yield new ProgramInput.Unsupported(
                    kind, spec.names().getOrDefault(kind + "_name", spec.name()));
              }
            });
  }

  ProgramOutput output() {
    return json.union(
        "an output",
        kind -> {
          Spec spec = spec();
          return switch (kind) {
            case "user_output", "loss_output" ->
                new ProgramOutput.User(
                    spec.value() != null
                        ? spec.value()
                        : new Argument.Reference(Argument.Kind.TENSOR, name(spec)));
            case "buffer_mutation" ->
                new ProgramOutput.StoredMutation(name(spec), spec.required(json, "buffer_name"));
            case "parameter_mutation" ->
                new ProgramOutput.StoredMutation(name(spec), spec.required(json, "parameter_name"));
            case "user_input_mutation" ->
                new ProgramOutput.InputMutation(name(spec), spec.required(json, "user_input_name"));
            default -> new ProgramOutput.Unsupported(kind);
          };
        });
  }

  /**
   * The fields of one variant.
   *
   * @param value a union given as {@code arg} or {@code value}
   * @param name of the graph's input or output, if {@code arg} gives no more than that
   * @param names the fields that are texts
   * @param persistent of a buffer, that checkpoints have it
   */
  private record Spec(Argument value, String name, Map<String, String> names, boolean persistent) {
    String required(Json json, String field) {
      return json.required(names.get(field), field);
    }
  }

  private static Weight.Kind stored(String kind, Spec spec) {
    return switch (kind) {
      case "tensor_constant" -> Weight.Kind.CONSTANT;
      case "buffer" -> spec.persistent() ? Weight.Kind.PARAMETER : Weight.Kind.BUFFER;
      default -> Weight.Kind.PARAMETER;
    };
  }

  private String name(Spec spec) {
    return json.required(spec.name(), "arg");
  }

  private Spec spec() {
    Argument[] value = {null};
    String[] name = {null};
    Map<String, String> names = new HashMap<>();
    boolean[] persistent = {false};
    json.fields(
        key -> {
          if (key.equals("arg") || key.equals("value")) {
            read(value, name);
          } else if (key.equals("persistent")) {
            persistent[0] = json.bool();
          } else if (json.isText()) {
            names.put(key, json.text());
          } else {
            json.skip();
          }
        });
    return new Spec(value[0], name[0], names, persistent[0]);
  }

  /** Either {@code {"name": n}} or a union whose one key says its kind. */
  private void read(Argument[] value, String[] name) {
    json.fields(
        key -> {
          if (key.equals("name")) {
            name[0] = json.text();
          } else if (key.startsWith("as_")) {
            if (json.isNull()) {
              return;
            }
            value[0] = arguments.variant(key);
          } else {
            json.skip();
          }
        });
  }
}
