package io.ait4j.lower;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The order of the modules: data flows left to right, and nothing points back. */
@AnalyzeClasses(packages = "io.ait4j", importOptions = ImportOption.DoNotIncludeTests.class)
class HousePlanTest {
  @ArchTest
  static final ArchRule nothingPointsBack =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.ait4j..")
          .layer("fx")
          .definedBy("io.ait4j.fx..")
          .layer("partition")
          .definedBy("io.ait4j.partition..")
          .layer("compiler")
          .definedBy("io.ait4j.compiler..")
          .layer("fallback")
          .definedBy("io.ait4j.fallback..")
          .layer("lower")
          .definedBy("io.ait4j.lower..")
          .whereLayer("fx")
          .mayNotAccessAnyLayer()
          .whereLayer("partition")
          .mayOnlyAccessLayers("fx")
          .whereLayer("compiler")
          .mayOnlyAccessLayers("fx")
          .whereLayer("fallback")
          .mayOnlyAccessLayers("fx");

  @ArchTest
  static final ArchRule libtorchStaysInItsTwoRooms =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.ait4j.fallback..", "io.ait4j.fx.torchscript..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule theCommandLineIsTheOutermostRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.ait4j.lower.cli..")
          .and()
          .doNotHaveFullyQualifiedName("io.ait4j.lower.Main")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.ait4j.lower.cli..");
}
