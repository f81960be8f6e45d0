package io.ait4j.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.AitServer;
import io.ait4j.web.access.Keys;
import io.ait4j.web.access.Scope;
import io.ait4j.web.cli.ServeOptions;
import io.ait4j.web.database.Database;
import io.ait4j.web.database.DatabaseSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on a server that wants a key. */
class PageWithKeysTest {
  @TempDir private Path folder;

  private String key() {
    Path data = ServeOptions.parse(Map.of(), "--data", folder.toString()).data();
    try (Database database = Database.open(DatabaseSettings.embedded(data))) {
      return new Keys(database).create("somebody", Set.of(Scope.CONVERT)).secret();
    }
  }

  @Test
  void theKeyIsAskedForAndKeptInTheTab() {
    try (Browser browser = Browser.start()) {
      String key = key();
      try (AitServer server =
          AitServer.start(
              ServeOptions.parse(Map.of(), "--port", "0", "--data", folder.toString()))) {
        browser.open(server.uri().resolve("/"));
        assertThat(browser.findWith("#keydialog[open]", "This server wants a key").isDisplayed())
            .isTrue();
        browser.find("#keyfield").sendKeys("wrong");
        browser.find("#keydialog button.main").click();
        browser.findWith("#keydialog[open]", "not known to the server");
        browser.keep("key-1280");
        browser.find("#keyfield").clear();
        browser.find("#keyfield").sendKeys(key);
        browser.find("#keydialog button.main").click();
        browser.findWith(".empty", "Nothing yet");
        assertThat(browser.find("#key").getText()).isEqualTo("API key: set");
        assertThat(browser.script("return JSON.stringify(Object.values(localStorage))").toString())
            .doesNotContain(key);
        browser.open(server.uri().resolve("/"));
        browser.findWith(".empty", "Nothing yet");
      }
    }
  }
}
