package io.ait4j.fx;

import io.ait4j.fx.proto.ApplyMessage;
import io.ait4j.fx.proto.AtomMessage;
import io.ait4j.fx.proto.DimMessage;
import io.ait4j.fx.proto.SymbolMessage;
import io.ait4j.fx.proto.TermMessage;
import java.util.TreeMap;

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

  /** The expression as it was written, which has been simplified before. */
  static Dim fromProto(DimMessage message) {
    if (message.getTermsCount() > MOST_TERMS) {
      throw new IllegalArgumentException("a size of " + message.getTermsCount() + " terms");
    }
    long constant = 0;
    TreeMap<DimProduct, Long> terms = new TreeMap<>();
    for (TermMessage term : message.getTermsList()) {
      DimProduct product = DimProduct.ONE;
      for (AtomMessage atom : term.getAtomsList()) {
        product = product.times(DimProduct.of(atom(atom)));
      }
      if (product.size() == 0) {
        constant = Math.addExact(constant, term.getCoefficient());
      } else {
        terms.merge(product, term.getCoefficient(), Math::addExact);
      }
    }
    terms.values().removeIf(coefficient -> coefficient == 0);
    return Dim.of(constant, terms);
  }

  private static Dim positive(Dim divisor) {
    if (divisor.max() < 1) {
      throw new IllegalArgumentException("a size is divided by " + divisor);
    }
    return divisor;
  }

  private static Dim.Atom atom(AtomMessage message) {
    return switch (message.getAtomCase()) {
      case SYMBOL -> {
        SymbolMessage s = message.getSymbol();
        Dim extent = s.hasExtent() ? fromProto(s.getExtent()) : null;
        yield new Dim.Symbol(s.getName(), s.getMin(), s.getMax(), extent);
      }
      case APPLY -> {
        Dim left = fromProto(message.getApply().getLeft());
        Dim right = fromProto(message.getApply().getRight());
        yield switch (message.getApply().getOp()) {
          case FLOOR_DIV -> new Dim.Apply(Dim.Op.FLOOR_DIV, left, positive(right));
          case MOD -> new Dim.Apply(Dim.Op.MOD, left, positive(right));
          case MIN -> new Dim.Apply(Dim.Op.MIN, left, right);
          case MAX -> new Dim.Apply(Dim.Op.MAX, left, right);
          case UNRECOGNIZED -> throw new IllegalArgumentException("an unknown operation on sizes");
        };
      }
      case ATOM_NOT_SET -> throw new IllegalArgumentException("a size of no kind");
    };
  }
}
