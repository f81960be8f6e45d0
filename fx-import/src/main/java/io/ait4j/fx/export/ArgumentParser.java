package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.function.Supplier;

/** Reads the {@code Argument} union. */
final class ArgumentParser {
  private final Json json;
  private final GraphParser graphs;

  ArgumentParser(Json json, GraphParser graphs) {
    this.json = json;
    this.graphs = graphs;
  }

  Argument argument() {
    return json.union("an argument", this::variant);
  }

  /** The value of the variant that the reader stands on. */
  Argument variant(String kind) {
    return switch (kind) {
      case "as_none" -> skipped(Argument.NONE);
      case "as_tensor" -> named(Argument.Kind.TENSOR);
      case "as_tensors" -> items(() -> named(Argument.Kind.TENSOR));
      case "as_nested_tensors" -> items(() -> items(() -> named(Argument.Kind.TENSOR)));
      case "as_optional_tensor" -> argument();
      case "as_optional_tensors" -> items(this::argument);
      case "as_int" -> integer();
      case "as_ints" -> items(this::integer);
      case "as_int_lists" -> items(() -> items(this::integer));
      case "as_float" -> number();
      case "as_floats" -> items(this::number);
      case "as_string" -> text();
      case "as_strings" -> items(this::text);
      case "as_bool" -> truth();
      case "as_bools" -> items(this::truth);
      case "as_complex" -> complex();
      case "as_sym_int" -> symbolic(Argument.Kind.SYM_INT);
      case "as_sym_ints" -> items(() -> symbolic(Argument.Kind.SYM_INT));
      case "as_sym_float" -> symbolic(Argument.Kind.SYM_FLOAT);
      case "as_sym_floats" -> items(() -> symbolic(Argument.Kind.SYM_FLOAT));
      case "as_sym_bool" -> symbolic(Argument.Kind.SYM_BOOL);
      case "as_sym_bools" -> items(() -> symbolic(Argument.Kind.SYM_BOOL));
      case "as_scalar_type" -> scalarType();
      case "as_memory_format" -> new Argument.Constant(new Arg.MemoryFormat(memoryFormat()));
      case "as_layout" -> new Argument.Constant(new Arg.Layout(layout()));
      case "as_device" -> new Argument.Constant(new Arg.Device(device()));
      case "as_graph" -> graph();
      case "as_custom_obj" -> named(Argument.Kind.CUSTOM_OBJECT);
      case "as_operator" -> new Argument.Operator(json.text());
      case "as_string_to_argument" -> new Argument.Table(json.map(this::argument));
      default ->
          throw json.bad("has an argument of the kind '" + kind + "', which is not known here");
    };
  }

  private <T> T skipped(T value) {
    json.skip();
    return value;
  }

  private Argument items(Supplier<Argument> element) {
    return new Argument.Items(json.list(element));
  }

  private Argument integer() {
    return new Argument.Constant(new Arg.Int(json.integer()));
  }

  private Argument number() {
    return new Argument.Constant(new Arg.Float(json.number()));
  }

  private Argument text() {
    return new Argument.Constant(new Arg.Str(json.text()));
  }

  private Argument truth() {
    return new Argument.Constant(new Arg.Bool(json.bool()));
  }

  /** An object that gives a name, or the name itself. */
  private Argument named(Argument.Kind kind) {
    return new Argument.Reference(kind, json.isText() ? json.text() : name());
  }

  /** The {@code name} of an object. */
  String name() {
    String[] name = {null};
    json.fields(
        key -> {
          if (key.equals("name")) {
            name[0] = json.text();
          } else {
            json.skip();
          }
        });
    return json.required(name[0], "name");
  }

  private Argument symbolic(Argument.Kind kind) {
    return json.union(
        "a symbolic number",
        key ->
            switch (key) {
              case "as_name" -> new Argument.Reference(kind, json.text());
              case "as_int" -> integer();
              case "as_float" -> number();
              case "as_bool" -> truth();
              default -> throw json.bad("has a symbolic number of the kind '" + key + "'");
            });
  }

  private Argument complex() {
    double[] parts = {0, 0};
    json.fields(
        key -> {
          switch (key) {
            case "real" -> parts[0] = json.number();
            case "imag" -> parts[1] = json.number();
            default -> json.skip();
          }
        });
    return new Argument.Complex(parts[0], parts[1]);
  }

  private Argument graph() {
    String[] name = {""};
    ProgramGraph[] graph = {null};
    json.fields(
        key -> {
          switch (key) {
            case "name" -> name[0] = json.text();
            case "graph" -> graph[0] = graphs.graph();
            default -> json.skip();
          }
        });
    return new Argument.Graph(name[0], json.required(graph[0], "graph"));
  }

  private Argument scalarType() {
    String name = dtypeName();
    return new Argument.Constant(
        new Arg.Type(
            ExportCodes.known(name)
                .orElseThrow(
                    () -> json.bad("has the element type " + name + ", which is not supported"))));
  }

  String dtypeName() {
    return json.isText() ? ExportCodes.dtype(json.text()) : ExportCodes.dtype(json.small());
  }

  String layout() {
    return json.isText() ? json.text() : ExportCodes.layout(json.small());
  }

  private String memoryFormat() {
    return json.isText() ? json.text() : ExportCodes.memoryFormat(json.small());
  }

  /** Where the model was exported says nothing about where it will run. */
  private String device() {
    String[] type = {null};
    json.fields(
        key -> {
          if (key.equals("type")) {
            type[0] = json.text();
          } else {
            json.skip();
          }
        });
    return json.required(type[0], "type").equals("meta") ? "meta" : "cpu";
  }

  /** A {@code SymInt}, {@code SymBool} or {@code SymFloat} of a table of values. */
  Size size() {
    return json.union(
        "a symbolic number",
        key ->
            switch (key) {
              case "as_int" -> new Size.Known(json.integer());
              case "as_bool" -> new Size.Known(json.bool() ? 1 : 0);
              case "as_expr" -> expression();
              default -> throw json.bad("has a number of the kind '" + key + "'");
            });
  }

  private Size expression() {
    String[] text = {null};
    json.fields(
        key -> {
          if (key.equals("expr_str")) {
            text[0] = json.text();
          } else {
            json.skip();
          }
        });
    return new Size.Expression(json.required(text[0], "expr_str"));
  }

  TensorType tensorType() {
    String[] dtype = {null};
    String[] layout = {"strided"};
    Size[] offset = {new Size.Known(0)};
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<Size>[] dims = new List[2];
    json.fields(
        key -> {
          switch (key) {
            case "dtype" -> dtype[0] = dtypeName();
            case "sizes" -> dims[0] = json.list(this::size);
            case "strides" -> dims[1] = json.list(this::size);
            case "storage_offset" -> offset[0] = json.isNumber() ? known() : size();
            case "layout" -> layout[0] = layout();
            default -> json.skip();
          }
        });
    json.required(dtype[0], "dtype");
    List<Size> sizes = json.required(dims[0], "sizes");
    List<Size> strides = json.required(dims[1], "strides");
    if (sizes.size() != strides.size()) {
      throw json.bad(
          "has a tensor of " + sizes.size() + " sizes and " + strides.size() + " strides");
    }
    for (Size size : sizes) {
      if (size instanceof Size.Known(long n) && (n < 0 || n == Dim.UNBOUNDED)) {
        throw json.bad("has a tensor with a dimension of size " + n);
      }
    }
    for (Size stride : strides) {
      if (stride instanceof Size.Known(long n) && n < 0) {
        throw json.bad("has a tensor with the negative stride " + n);
      }
    }
    return new TensorType(
        ExportCodes.known(dtype[0]).orElse(null), dtype[0], sizes, strides, offset[0], layout[0]);
  }

  private Size known() {
    return new Size.Known(json.integer());
  }
}
