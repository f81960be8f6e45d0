package io.ait4j.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.AitServer;
import io.ait4j.web.cli.ServeOptions;
import io.ait4j.web.convert.CompiledBefore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a browser, on the real server, with real models. */
class PageTest {
  private static final Path MODELS =
      Path.of("..", "examples", "models").toAbsolutePath().normalize();

  @TempDir private static Path folder;
  private static Browser browser;
  private static AitServer server;

  @BeforeAll
  static void start() throws IOException {
    browser = Browser.start();
    CompiledBefore.giveTo("anonymous", folder);
    server =
        AitServer.start(ServeOptions.parse(Map.of(), "--port", "0", "--data", folder.toString()));
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      browser.close();
      server.close();
      CompiledBefore.takeFrom("anonymous", folder);
    }
  }

  @BeforeEach
  void openThePage() {
    browser.width(1280);
    browser.open(server.uri().resolve("/"));
  }

  @AfterEach
  void nothingIsWrongInTheBrowser() {
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.hosts()).containsExactly(server.uri().getAuthority());
  }

  /** Converts a model of the repository as a user does; the second time its result is there. */
  private static void convert(String model, String excluded) {
    browser.find("#file-model").sendKeys(MODELS.resolve(model).resolve("model.pt").toString());
    browser
        .find("#file-samples")
        .sendKeys(MODELS.resolve(model).resolve("io.safetensors").toString());
    browser.find("#set-name").sendKeys(model);
    if (!excluded.isEmpty()) {
      browser.find(".settings summary").click();
      browser.find("#set-exclude_ops").sendKeys(excluded);
    }
    browser.find("form.new button[type=submit]").click();
    browser.findWith(".title .pill", "Done");
    browser.find(".graph .box");
  }

  @Test
  void aModelIsConvertedAndShownWhole() {
    convert("resnet20", "");
    for (String stage : List.of("Read", "Compile", "Write", "Verify", "Measure")) {
      assertThat(browser.findWith(".steps li", stage).getDomAttribute("class")).isEqualTo("done");
    }
    assertThat(browser.findWith(".tile", "of the flops").getText()).contains("73 of 73 nodes");
    assertThat(browser.find(".block .good").getText()).contains("without libtorch");
    assertThat(browser.all(".box.kernel")).hasSizeGreaterThan(10);
    assertThat(browser.all(".box.fallback")).isEmpty();
    assertThat(browser.all(".bars li")).hasSizeGreaterThan(10);
    assertThat(browser.find(".verdict").getText()).matches("[0-9.]+× (faster|slower)");
    browser.keep("conversion-1280");
    browser.width(390);
    Object tooWide = browser.script("return document.documentElement.scrollWidth > innerWidth");
    assertThat(tooWide).isEqualTo(false);
    browser.keep("conversion-390");
    browser.width(1280);
    browser.find("#theme").click();
    browser.keep("conversion-dark");
    browser.find("#theme").click();
    browser.find(".brand").click();
    assertThat(browser.findWith(".job", "resnet20").getText())
        .containsPattern("Done\\s+resnet20v\\d");
    browser.keep("home-1280");
  }

  @Test
  void theGraphIsWalkedByKeys() {
    convert("resnet20", "");
    WebElement graph = browser.find(".graph");
    int closed = browser.all(".graph .box").size();
    graph.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
    browser.find(".box.kernel.selected");
    browser.findWith(".details h4", "FUSES");
    graph.sendKeys(Keys.ENTER);
    browser.find(".box.kernel.open.selected");
    assertThat(browser.all(".graph .box")).hasSizeGreaterThan(closed);
    browser.keep("graph-open");
    graph.sendKeys(Keys.ENTER);
    assertThat(browser.all(".graph .box")).hasSize(closed);
    String before = browser.find(".canvas > g").getDomAttribute("transform");
    graph.sendKeys("+");
    assertThat(browser.find(".canvas > g").getDomAttribute("transform")).isNotEqualTo(before);
    browser.find(".tools input").sendKeys("linear", Keys.ENTER);
    assertThat(browser.find(".box.node.selected text").getText()).isEqualTo("linear");
    assertThat(browser.find(".details h3").getText()).isEqualTo("linear");
    assertThat(browser.find(".details").getText()).contains("float32[2,10]", "linear.py:");
  }

  @Test
  void anOpenGraphHasEachBoxBesideTheOthersAndEdgesThatPointDown() {
    convert("fnet", "aten::embedding");
    browser.findWith(".tools button", "Open all").click();
    assertThat(browser.all(".box.node")).hasSize(35);
    Object overlaps =
        browser.script(
            "const places = [...document.querySelectorAll('.box:not(.open) > rect:first-child')]"
                + ".map((box) => box.getBoundingClientRect());"
                + "return places.filter((a, i) => places.some((b, j) => i < j && a.left < b.right"
                + " && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length");
    assertThat(overlaps).isEqualTo(0L);
    Object upward =
        browser.script(
            "return [...document.querySelectorAll('path.edge')].filter((edge) =>"
                + " edge.getPointAtLength(0).y >= edge.getPointAtLength(1e6).y).length");
    assertThat(upward).isEqualTo(0L);
    browser.keep("graph-all-open");
  }

  @Test
  void eachFallbackIsExplained() {
    convert("fnet", "aten::embedding");
    assertThat(browser.findWith(".fall", "embedding").getText())
        .contains("×2", "is excluded by the settings", "What to do:", "Exclude operators");
    assertThat(browser.findWith(".fall", "fft_fft2").getText())
        .contains("complex64", "real and imaginary parts");
    assertThat(browser.all(".box.partition.fallback")).isNotEmpty();
    browser.keep("fallbacks-1280");
    browser.findWith(".fall .chip", "fft_fft2").click();
    assertThat(browser.find(".box.fallback.node.selected text").getText()).isEqualTo("fft_fft2");
    assertThat(browser.find(".details .why").getText()).contains("complex64");
  }

  @Test
  void anInputIsTried() {
    convert("resnet20", "");
    browser
        .find("#try-file")
        .sendKeys(MODELS.resolve("resnet20").resolve("io.safetensors").toString());
    browser.findWith(".tryfile", "1 input in it, and 1 recorded output");
    browser.find("form[aria-label='Try an input'] button.main").click();
    String match = browser.find(".match").getText();
    assertThat(match).startsWith("Beside the recorded output: relative error ");
    double error = Double.parseDouble(match.replaceFirst(".*error ([^,]+),.*", "$1"));
    assertThat(error).isLessThan(1e-4);
    assertThat(browser.find("article.output").getText()).contains("FP32[2, 10]");
    assertThat(browser.all("article.output .top li")).hasSize(5);
    browser.keep("tried-1280");
    browser.find("#try-0-from").sendKeys("JSON");
    browser.find(".input-row textarea").sendKeys("[1, 2]");
    browser.find("form[aria-label='Try an input'] button.main").click();
    browser.findWith(".outputs .problem", "2 numbers");
  }

  @Test
  void eachTargetsReportCanBeShown() {
    openWithReport(
        "real(path, options).then((answer) => answer.json())"
            + ".then(([one]) => new Response(JSON.stringify([one, {...one, target: 'cuda:sm_90a'}])))");
    WebElement choice = browser.find("select#target");
    assertThat(browser.findWith(".tile", "precision").getText()).contains("cpu:native");
    choice.sendKeys("cuda");
    assertThat(browser.findWith(".tile", "precision").getText()).contains("cuda:sm_90a");
  }

  @Test
  void aReportThatIsOddStopsNothingElse() {
    openWithReport("Promise.resolve(new Response('[{\"nodes\": [{}]}]'))");
    browser.findWith(".problem", "The report cannot be drawn");
    assertThat(browser.find("form[aria-label='Try an input']").isDisplayed()).isTrue();
    assertThat(browser.findWith(".button", "Download").isDisplayed()).isTrue();
  }

  /** The page of a conversion, whose report is what this expression gives. */
  private static void openWithReport(String answer) {
    convert("resnet20", "");
    browser.find(".brand").click();
    String job = browser.findWith(".job", "resnet20").getDomAttribute("href");
    browser.script(
        "const real = fetch;"
            + "window.fetch = (path, options) => String(path).includes('/report?')"
            + " ? %s : real(path, options);".formatted(answer)
            + "location.hash = arguments[0]",
        job);
  }

  @Test
  void whyAModelCannotBeReadIsSaidInWords() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.pt"), "this is no model");
    browser.find("#file-model").sendKeys(broken.toString());
    browser.find("form.new button[type=submit]").click();
    browser.findWith(".title .pill", "Failed");
    assertThat(browser.find(".problem").getText())
        .contains("The model cannot be read", "neither TorchScript");
    assertThat(browser.find(".facts").getText()).contains("broken.pt");
    browser.keep("failed-1280");
  }

  @Test
  void whatIsDroppedIsSortedByItsNames() {
    browser.script(
        "const files = new DataTransfer();"
            + "files.items.add(new File(['m'], 'net.pt2'));"
            + "files.items.add(new File(['s'], 'io_batch2.safetensors'));"
            + "files.items.add(new File(['w'], 'trained.safetensors'));"
            + "document.querySelector('.drop').dispatchEvent("
            + "new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));");
    assertThat(browser.find("[data-slot=model] .filename").getText()).contains("net.pt2");
    assertThat(browser.find("[data-slot=samples] .filename").getText()).contains("io_batch2");
    assertThat(browser.find("[data-slot=weights] .filename").getText()).contains("trained");
    assertThat(browser.find("form.new button[type=submit]").isEnabled()).isTrue();
    assertThat(browser.find("#set-name").getDomProperty("value")).isEqualTo("net");
    browser.find("[data-slot=model] button").click();
    assertThat(browser.find("form.new button[type=submit]").isEnabled()).isFalse();
  }

  @Test
  void whatIsNotThereIsSaid() {
    browser.open(server.uri().resolve("/#/conversions/c-none"));
    assertThat(browser.find(".problem").getText()).isNotBlank();
    assertThat(browser.find(".crumb, main a").getText()).contains("All conversions");
    browser.width(390);
    browser.open(server.uri().resolve("/"));
    browser.find(".jobs > *");
    browser.keep("home-390");
  }
}
