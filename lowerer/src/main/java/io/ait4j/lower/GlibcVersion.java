package io.ait4j.lower;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.module.ModuleDescriptor.Version;
import java.util.Optional;

/** Versions of the GNU C library, {@code 2.34}. */
final class GlibcVersion {
  private GlibcVersion() {}

  /** Whether {@code version} is newer than {@code other}; empty is older than any. */
  static boolean isNewer(String version, String other) {
    return !version.isEmpty()
        && (other.isEmpty() || Version.parse(version).compareTo(Version.parse(other)) > 0);
  }

  /** This process's; empty if its C library is another one. */
  static Optional<String> ofThisMachine() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("gnu_get_libc_version")
        .map(
            symbol -> {
              try {
                MemorySegment text =
                    (MemorySegment)
                        linker
                            .downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.ADDRESS))
                            .invokeExact();
                return text.reinterpret(Long.MAX_VALUE).getString(0);
              } catch (Throwable e) {
                throw new IllegalStateException(e);
              }
            });
  }
}
