package io.ait4j.fx.torchscript;

import org.bytedeco.pytorch.JitModule;

/** A module that libtorch has loaded for its code, and where its weights are. */
record LoadedModule(JitModule module, FileWeights weights) {}
