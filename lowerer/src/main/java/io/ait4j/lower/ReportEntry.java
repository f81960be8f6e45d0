package io.ait4j.lower;

import java.io.IOException;
import java.lang.foreign.ValueLayout;

/** A report that is parsed when somebody asks for it, whether or not its file is still mapped. */
final class ReportEntry {
  private final AitmFile file;
  private final byte[] json;
  private LoweringReport report;

  /**
   * @throws io.ait4j.fx.ModelException (IMPORT) if the entry is damaged
   */
  ReportEntry(AitmFile file, String entry) {
    this.file = file;
    json = file.whole(entry).toArray(ValueLayout.JAVA_BYTE);
  }

  synchronized LoweringReport read() {
    if (report == null) {
      try {
        report = ReportJson.read(json);
      } catch (IOException e) {
        throw file.corrupt("its report is damaged", e);
      }
    }
    return report;
  }
}
