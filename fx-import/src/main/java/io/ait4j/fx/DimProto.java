package io.ait4j.fx;

import io.ait4j.fx.proto.ApplyMessage;
import io.ait4j.fx.proto.AtomMessage;
import io.ait4j.fx.proto.DimMessage;
import io.ait4j.fx.proto.SymbolMessage;
import io.ait4j.fx.proto.TermMessage;

/** Dimensions as protobuf, and back. */
final class DimProto {
  private static final int MOST_TERMS = 4096;

  private DimProto() {}

  static DimMessage toProto(Dim dim) {
    DimMessage.Builder message = DimMessage.newBuilder();
    dim.forEachTerm(
        (atoms, coefficient) -> {
          TermMessage.Builder term = TermMessage.newBuilder().setCoefficient(coefficient);
          atoms.forEach(atom -> term.addAtoms(atom(atom)));
          message.addTerms(term);
        });
    return message.build();
  }

  private static AtomMessage atom(Dim.Atom atom) {
    return switch (atom) {
      case Dim.Symbol s -> AtomMessage.newBuilder().setSymbol(symbol(s)).build();
      case Dim.Apply a ->
          AtomMessage.newBuilder()
              .setApply(
                  ApplyMessage.newBuilder()
                      .setOp(ApplyMessage.Op.valueOf(a.op().name()))
                      .setLeft(toProto(a.left()))
                      .setRight(toProto(a.right())))
              .build();
    };
  }

  private static SymbolMessage symbol(Dim.Symbol symbol) {
    SymbolMessage.Builder message =
        SymbolMessage.newBuilder().setName(symbol.name()).setMin(symbol.min()).setMax(symbol.max());
    if (symbol.extent() != null) {
      message.setExtent(toProto(symbol.extent()));
    }
    return message.build();
  }

  static Dim fromProto(DimMessage message) {
    if (message.getTermsCount() > MOST_TERMS) {
      throw new IllegalArgumentException("a size of " + message.getTermsCount() + " terms");
    }
    Dim dim = Dim.ZERO;
    for (TermMessage term : message.getTermsList()) {
      Dim product = Dim.of(term.getCoefficient());
      for (AtomMessage atom : term.getAtomsList()) {
        product = product.times(atom(atom));
      }
      dim = dim.plus(product);
    }
    return dim;
  }

  private static Dim positive(Dim divisor) {
    if (divisor.max() < 1) {
      throw new IllegalArgumentException("a size is divided by " + divisor);
    }
    return divisor;
  }

  private static Dim atom(AtomMessage message) {
    return switch (message.getAtomCase()) {
      case SYMBOL -> {
        SymbolMessage s = message.getSymbol();
        Dim extent = s.hasExtent() ? fromProto(s.getExtent()) : null;
        yield Dim.of(new Dim.Symbol(s.getName(), s.getMin(), s.getMax(), extent));
      }
      case APPLY -> {
        Dim left = fromProto(message.getApply().getLeft());
        Dim right = fromProto(message.getApply().getRight());
        yield switch (message.getApply().getOp()) {
          case FLOOR_DIV -> left.floorDiv(positive(right));
          case MOD -> left.mod(positive(right));
          case MIN -> left.min(right);
          case MAX -> left.max(right);
          case UNRECOGNIZED -> throw new IllegalArgumentException("an unknown operation on sizes");
        };
      }
      case ATOM_NOT_SET -> throw new IllegalArgumentException("a size of no kind");
    };
  }
}
