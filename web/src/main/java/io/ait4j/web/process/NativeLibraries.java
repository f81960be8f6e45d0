package io.ait4j.web.process;

import java.nio.file.Path;

/** Where JavaCPP unpacks libtorch: workers read there, and only this server writes. */
final class NativeLibraries {
  private NativeLibraries() {}

  static Path folder() {
    String set = System.getProperty("org.bytedeco.javacpp.cachedir");
    return set != null
        ? Path.of(set).toAbsolutePath()
        : Path.of(System.getProperty("user.home"), ".javacpp", "cache");
  }
}
