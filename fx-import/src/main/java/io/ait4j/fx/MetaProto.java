package io.ait4j.fx;

import io.ait4j.fx.proto.MetaList;
import io.ait4j.fx.proto.MetaMessage;
import io.ait4j.fx.proto.TensorMessage;

/** Types of values as protobuf, and back. */
final class MetaProto {
  private MetaProto() {}

  static MetaMessage toProto(ValueMeta meta) {
    MetaMessage.Builder message = MetaMessage.newBuilder();
    switch (meta) {
      case TensorMeta t -> message.setTensor(tensor(t));
      case ValueMeta.Scalar s -> message.setScalarDtype(s.dtype().torchName());
      case ValueMeta.Sequence s -> {
        MetaList.Builder list = MetaList.newBuilder();
        s.elements().forEach(element -> list.addElements(toProto(element)));
        message.setSequence(list);
      }
      case ValueMeta.Opaque o -> message.setOpaqueType(o.type());
    }
    return message.build();
  }

  static ValueMeta fromProto(MetaMessage message) {
    return switch (message.getMetaCase()) {
      case TENSOR -> tensor(message.getTensor());
      case SCALAR_DTYPE -> new ValueMeta.Scalar(dtype(message.getScalarDtype()));
      case SEQUENCE ->
          new ValueMeta.Sequence(
              message.getSequence().getElementsList().stream().map(MetaProto::fromProto).toList());
      case OPAQUE_TYPE -> new ValueMeta.Opaque(message.getOpaqueType());
      case META_NOT_SET -> throw new IllegalArgumentException("a value of no type");
    };
  }

  static TensorMessage tensor(TensorMeta meta) {
    TensorMessage.Builder message = TensorMessage.newBuilder().setDtype(meta.dtype().torchName());
    meta.shape().forEach(dim -> message.addShape(DimProto.toProto(dim)));
    meta.strides().forEach(dim -> message.addStrides(DimProto.toProto(dim)));
    return message.build();
  }

  static TensorMeta tensor(TensorMessage message) {
    return new TensorMeta(
        dtype(message.getDtype()),
        message.getShapeList().stream().map(DimProto::fromProto).toList(),
        message.getStridesList().stream().map(DimProto::fromProto).toList());
  }

  static DType dtype(String name) {
    return DType.ofTorchName(name)
        .orElseThrow(() -> new IllegalArgumentException("dtype '" + name + "' is unknown"));
  }
}
