package io.ait4j.compiler.ir;

/** How a reduction combines two values; each is associative and commutative up to rounding. */
public enum ReduceOp {
  SUM,
  PROD,
  /** NaN wins. */
  MAX,
  /** NaN wins. */
  MIN,
  ANY,
  ALL
}
