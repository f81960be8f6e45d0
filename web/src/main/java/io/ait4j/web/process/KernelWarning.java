package io.ait4j.web.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What workers may do on this kernel although they should not. */
public final class KernelWarning {
  private static final Logger LOG = LoggerFactory.getLogger(KernelWarning.class);
  private static final int FILES = 1;
  private static final int SIGNALS = 6;

  private KernelWarning() {}

  /** Warns of what this kernel cannot keep workers from. */
  public static void log() {
    long landlock = Landlock.version();
    if (landlock < FILES) {
      LOG.warn(
          "this kernel has no Landlock: worker processes may read and write what this server's user"
              + " may");
    }
    if (landlock < SIGNALS) {
      LOG.warn(
          "this kernel's Landlock is older than Linux 6.12's: worker processes may end other"
              + " processes of this server's user");
    }
  }
}
