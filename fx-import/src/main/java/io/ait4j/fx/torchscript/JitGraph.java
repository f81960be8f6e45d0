package io.ait4j.fx.torchscript;

import java.util.List;

/** A graph or block of TorchScript's, copied out of libtorch. */
record JitGraph(List<JitPort> inputs, List<JitOp> ops, List<Long> outputs) {}
