package io.ait4j.fx;

import io.ait4j.fx.proto.ArgList;
import io.ait4j.fx.proto.ArgMessage;
import io.ait4j.fx.proto.Empty;

/** Arguments as protobuf, and back. */
final class ArgProto {
  private ArgProto() {}

  static ArgMessage toProto(Arg arg) {
    ArgMessage.Builder message = ArgMessage.newBuilder();
    switch (arg) {
      case Arg.Value v -> message.setValue(v.name());
      case Arg.Int i -> message.setInt(i.value());
      case Arg.Float f -> message.setFloat(f.value());
      case Arg.Bool b -> message.setBool(b.value());
      case Arg.Str s -> message.setStr(s.value());
      case Arg.None n -> message.setNone(Empty.getDefaultInstance());
      case Arg.SymInt s -> message.setSymInt(DimProto.toProto(s.value()));
      case Arg.Type t -> message.setDtype(t.value().torchName());
      case Arg.Device d -> message.setDevice(d.value());
      case Arg.MemoryFormat m -> message.setMemoryFormat(m.value());
      case Arg.Layout l -> message.setLayout(l.value());
      case Arg.Sequence s -> {
        ArgList.Builder list = ArgList.newBuilder();
        s.elements().forEach(element -> list.addElements(toProto(element)));
        message.setSequence(list);
      }
    }
    return message.build();
  }

  static Arg fromProto(ArgMessage message) {
    return switch (message.getArgCase()) {
      case VALUE -> new Arg.Value(message.getValue());
      case INT -> new Arg.Int(message.getInt());
      case FLOAT -> new Arg.Float(message.getFloat());
      case BOOL -> new Arg.Bool(message.getBool());
      case STR -> new Arg.Str(message.getStr());
      case NONE -> Arg.NONE;
      case SYM_INT -> new Arg.SymInt(DimProto.fromProto(message.getSymInt()));
      case DTYPE -> new Arg.Type(MetaProto.dtype(message.getDtype()));
      case DEVICE -> new Arg.Device(message.getDevice());
      case MEMORY_FORMAT -> new Arg.MemoryFormat(message.getMemoryFormat());
      case LAYOUT -> new Arg.Layout(message.getLayout());
      case SEQUENCE ->
          new Arg.Sequence(
              message.getSequence().getElementsList().stream().map(ArgProto::fromProto).toList());
      case ARG_NOT_SET -> throw new IllegalArgumentException("an argument of no kind");
    };
  }
}
