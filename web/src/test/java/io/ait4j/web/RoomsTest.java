package io.ait4j.web;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RoomsTest {
  @Test
  void nothingPointsBack() throws URISyntaxException {
    Path classes =
        Path.of(AitServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    slices()
        .matching("io.ait4j.web.(*)..")
        .should()
        .beFreeOfCycles()
        .check(new ClassFileImporter().importPath(classes));
  }
}
