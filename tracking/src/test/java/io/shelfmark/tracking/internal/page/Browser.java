package io.shelfmark.tracking.internal.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Chromium without a window on a page. Waits inside the page, for what it is told, at most ten
 * seconds.
 */
final class Browser implements AutoCloseable {

  // Selenium warns that it does not know this Chromium's own protocol, of which little is used here
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  static {
    SELENIUM.setLevel(Level.SEVERE);
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SHOTS = Path.of("target", "screenshots");

  private final ChromeDriver driver;
  private final String address;
  private int opened;

  /** Starts the system's Chromium; empty when it or its driver is not installed. */
  static Optional<Browser> start(String address) {
    Optional<File> chromium = program("chromium");
    Optional<File> driver = program("chromedriver");
    if (chromium.isEmpty() || driver.isEmpty()) {
      System.err.println("No chromium or chromedriver on the path: the page is not tried in it");
      return Optional.empty();
    }
    return Optional.of(new Browser(chromium.get(), driver.get(), address));
  }

  private static Optional<File> program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> new File(folder, name))
        .filter(File::canExecute)
        .findFirst();
  }

  private Browser(File chromium, File driverFile, String address) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium);
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    options.addArguments("--window-size=1440,900", "--no-first-run", "--disable-extensions");
    options.addArguments("--disable-gpu", "--disable-background-networking");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    // named, so that Selenium does not look for one on the network
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(driverFile).build();
    this.driver = new ChromeDriver(service, options);
    this.driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(10));
    this.address = address;
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Loads the page anew at an address and waits until nothing is under way. */
  void open(String hash) {
    // another query, so that the document is not kept
    opened++;
    driver.get(address + "?" + opened + hash);
    settle();
  }

  void reload() {
    driver.navigate().refresh();
    settle();
  }

  void settle() {
    until("document.querySelector('#main > *') && !document.querySelector('[aria-busy=true]')");
  }

  /** Waits until an expression of JavaScript is true. */
  void until(String condition) {
    driver.executeAsyncScript(
        "const done = arguments[0]; const look = () => { if ("
            + condition
            + ") { done(); } else { setTimeout(look, 15); } }; look();");
  }

  /** The value of an expression of JavaScript. */
  Object ask(String expression) {
    return driver.executeScript("return " + expression + ";");
  }

  long count(String css) {
    return (Long) ask("document.querySelectorAll(" + quoted(css) + ").length");
  }

  String text(String css) {
    return driver.findElement(By.cssSelector(css)).getText();
  }

  List<String> texts(String css) {
    @SuppressWarnings("unchecked")
    List<String> texts =
        (List<String>)
            ask("[...document.querySelectorAll(" + quoted(css) + ")].map(e => e.textContent)");
    return texts;
  }

  void click(String css) {
    driver.findElement(By.cssSelector(css)).click();
  }

  void clickButton(String text) {
    driver.findElement(By.xpath("//button[normalize-space()='" + text + "']")).click();
  }

  void hover(String css) {
    new Actions(driver).moveToElement(driver.findElement(By.cssSelector(css))).perform();
  }

  void clickLink(String text) {
    driver.findElement(By.linkText(text)).click();
  }

  void type(String css, CharSequence... keys) {
    driver.findElement(By.cssSelector(css)).sendKeys(keys);
  }

  /** Sends keys to what has the focus. */
  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  String hash() {
    return (String) ask("decodeURIComponent(location.hash)");
  }

  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Keeps a picture of what is shown below target/screenshots. */
  void shoot(String name) {
    try {
      Files.createDirectories(SHOTS);
      Files.write(SHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the browser complained about since one last asked. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The addresses that were requested since one last asked. */
  List<String> requests() {
    List<String> requests = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = message(entry);
      if (message.path("method").asText().equals("Network.requestWillBeSent")) {
        requests.add(message.at("/params/request/url").asText());
      }
    }
    return requests;
  }

  private static JsonNode message(LogEntry entry) {
    try {
      return JSON.readTree(entry.getMessage()).path("message");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\\\"") + '"';
  }

  @Override
  public void close() {
    driver.quit();
  }
}
