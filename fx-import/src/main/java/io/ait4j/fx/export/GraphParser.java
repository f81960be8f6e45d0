package io.ait4j.fx.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code Graph} of a program and of its higher-order operators. */
final class GraphParser {
  private final Json json;
  private final ArgumentParser arguments;
  private final NodeSource sources = new NodeSource();

  GraphParser(Json json) {
    this.json = json;
    this.arguments = new ArgumentParser(json, this);
  }

  ArgumentParser arguments() {
    return arguments;
  }

  ProgramGraph graph() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<Argument>[] ends = new List[2];
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<ProgramNode>[] nodes = new List[1];
    Map<String, TensorType> tensors = new HashMap<>();
    Map<String, Size> ints = new HashMap<>();
    Map<String, Size> bools = new HashMap<>();
    json.fields(
        key -> {
          switch (key) {
            case "inputs" -> ends[0] = json.list(arguments::argument);
            case "outputs" -> ends[1] = json.list(arguments::argument);
            case "nodes" -> nodes[0] = json.list(this::node);
            case "tensor_values" -> tensors.putAll(json.map(arguments::tensorType));
            case "sym_int_values" -> ints.putAll(json.map(arguments::size));
            case "sym_bool_values" -> bools.putAll(json.map(arguments::size));
            default -> json.skip();
          }
        });
    return new ProgramGraph(
        json.required(ends[0], "inputs"),
        json.required(ends[1], "outputs"),
        json.required(nodes[0], "nodes"),
        tensors,
        ints,
        bools);
  }

  private ProgramNode node() {
    String[] target = {null};
    String[] source = {""};
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<ProgramNode.Named>[] inputs = new List[1];
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<Argument>[] outputs = new List[1];
    json.fields(
        key -> {
          switch (key) {
            case "target" -> target[0] = json.text();
            case "inputs" -> inputs[0] = json.list(this::named);
            case "outputs" -> outputs[0] = json.list(arguments::argument);
            case "metadata" -> source[0] = source();
            default -> json.skip();
          }
        });
    return new ProgramNode(
        json.required(target[0], "target"),
        json.required(inputs[0], "inputs"),
        json.required(outputs[0], "outputs"),
        source[0]);
  }

  private ProgramNode.Named named() {
    String[] name = {""};
    Argument[] value = {null};
    json.fields(
        key -> {
          switch (key) {
            case "name" -> name[0] = json.text();
            case "arg" -> value[0] = arguments.argument();
            default -> json.skip();
          }
        });
    return new ProgramNode.Named(name[0], json.required(value[0], "arg"));
  }

  private String source() {
    String[] text = {"", ""};
    json.fields(
        key -> {
          switch (key) {
            case "stack_trace" -> text[0] = json.text();
            case "nn_module_stack" -> text[1] = json.text();
            default -> json.skip();
          }
        });
    return sources.of(text[0], text[1]);
  }
}
