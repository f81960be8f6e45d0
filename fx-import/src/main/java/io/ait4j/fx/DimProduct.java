package io.ait4j.fx;

import java.util.Arrays;
import java.util.List;

/** A product of atoms in ascending order; powers are repetitions. */
final class DimProduct implements Comparable<DimProduct> {
  static final DimProduct ONE = new DimProduct(new Dim.Atom[0]);

  private final Dim.Atom[] atoms;
  private final int hash;

  private DimProduct(Dim.Atom[] atoms) {
    this.atoms = atoms;
    this.hash = Arrays.hashCode(atoms);
  }

  static DimProduct of(Dim.Atom atom) {
    return new DimProduct(new Dim.Atom[] {atom});
  }

  int size() {
    return atoms.length;
  }

  Dim.Atom atom(int i) {
    return atoms[i];
  }

  List<Dim.Atom> atoms() {
    return List.of(atoms);
  }

  DimProduct times(DimProduct other) {
    if (other.atoms.length == 0) {
      return this;
    }
    if (atoms.length == 0) {
      return other;
    }
    Dim.Atom[] all = Arrays.copyOf(atoms, atoms.length + other.atoms.length);
    System.arraycopy(other.atoms, 0, all, atoms.length, other.atoms.length);
    Arrays.sort(all);
    return new DimProduct(all);
  }

  /** This product without the atoms of {@code other}, or null if it does not hold them all. */
  DimProduct without(DimProduct other) {
    if (other.atoms.length > atoms.length) {
      return null;
    }
    Dim.Atom[] rest = new Dim.Atom[atoms.length - other.atoms.length];
    int kept = 0;
    int taken = 0;
    for (Dim.Atom atom : atoms) {
      if (taken < other.atoms.length && atom.equals(other.atoms[taken])) {
        taken++;
      } else if (kept == rest.length) {
        return null;
      } else {
        rest[kept++] = atom;
      }
    }
    return taken == other.atoms.length ? new DimProduct(rest) : null;
  }

  /** This product without its {@code i}-th atom. */
  DimProduct withoutAtom(int i) {
    Dim.Atom[] rest = new Dim.Atom[atoms.length - 1];
    System.arraycopy(atoms, 0, rest, 0, i);
    System.arraycopy(atoms, i + 1, rest, i, rest.length - i);
    return new DimProduct(rest);
  }

  boolean mentions(Dim.Symbol symbol) {
    for (Dim.Atom atom : atoms) {
      if (mentions(atom, symbol)) {
        return true;
      }
    }
    return false;
  }

  static boolean mentions(Dim.Atom atom, Dim.Symbol symbol) {
    return switch (atom) {
      case Dim.Symbol s -> s.equals(symbol);
      case Dim.Apply a -> a.left().mentions(symbol) || a.right().mentions(symbol);
    };
  }

  /** Text order of symbols, so that expressions print as one would write them. */
  @Override
  public int compareTo(DimProduct other) {
    int n = Math.min(atoms.length, other.atoms.length);
    for (int i = 0; i < n; i++) {
      int c = atoms[i].compareTo(other.atoms[i]);
      if (c != 0) {
        return c;
      }
    }
    return Integer.compare(atoms.length, other.atoms.length);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof DimProduct p && p.hash == hash && Arrays.equals(atoms, p.atoms);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
