package dev.sluice.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of bin/, with pretended JDKs and a pretended apt-get. */
class BinTest {
  /** Tells its arguments and makes what it is asked to archive. */
  private static final String PRETENDED_JAVA =
      """
      #!/bin/bash
      printf '%s\\n' "$@"
      for a in "$@"; do case $a in -XX:ArchiveClassesAtExit=*) : > "${a#*=}" ;; esac; done
      """;

  @TempDir private Path temp;

  private record Ran(int code, String out, String err) {}

  @Test
  void shellcheckFindsNothingToObjectTo() throws Exception {
    List<String> command = new ArrayList<>(List.of("shellcheck", "-x", "-P", "SCRIPTDIR"));
    for (String script :
        List.of(
            "bin/bench",
            "bin/common.bash",
            "bin/crashtest",
            "bin/demo",
            "bin/sluice",
            "bin/test",
            ".ci/run")) {
      command.add(Project.file(script).toString());
    }
    Ran ran = run(Map.of(), command);
    assertEquals(0, ran.code(), ran.out());
  }

  @Test
  void theNewestJavaIsTakenWhenTheOneInJavaHomeIsTooOld() throws Exception {
    Path old = jdk("a-17", "17.0.15");
    jdk("b-21", "21.0.2");
    Path newest = jdk("c-25", "25");
    jdk("d-23", "23.0.1");

    Ran ran = choose(old);

    assertEquals(newest.toString(), ran.out().strip(), ran.err());
  }

  @Test
  void theOneInJavaHomeIsTakenWhenItIsNewEnoughAlthoughThereIsANewerOne() throws Exception {
    Path mine = jdk("b-21", "21.0.2");
    jdk("c-25", "25");

    assertEquals(mine.toString(), choose(mine).out().strip());
  }

  @Test
  void aRuntimeWithoutACompilerIsNoJdk() throws Exception {
    Files.delete(jdk("c-25", "25").resolve("bin/javac"));
    Path jdk = jdk("b-21", "21.0.2");

    assertEquals(jdk.toString(), choose(jdk).out().strip());
  }

  @Test
  void whereThereIsNoneItSaysWhatWasFoundAndWhatToInstall() throws Exception {
    Path old = jdk("a-17", "17.0.15");

    Ran ran = choose(old);

    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("Found: Java 17 in " + old), ran.err());
    assertTrue(ran.err().contains("apt-get install openjdk-21-jdk-headless"), ran.err());
  }

  @Test
  void onlyWhatIsMissingIsInstalled() throws Exception {
    Path log = temp.resolve("apt.log");
    Path bin = commands("echo \"$@\" >> " + log);

    Ran ran = need(bin, "bash=bash no-such-command=no-such-package");

    assertEquals(0, ran.code(), ran.err());
    assertEquals(
        "update -qq\ninstall -y -qq --no-install-recommends no-such-package\n",
        Files.readString(log));
  }

  @Test
  void aFailedInstallationIsShownWithTheRemedy() throws Exception {
    Path bin = commands("echo 'E: Unable to locate package'; exit 100");

    Ran ran = need(bin, "no-such-command=no-such-package");

    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("E: Unable to locate package"), ran.err());
    assertTrue(ran.err().contains("apt-get install no-such-package"), ran.err());
  }

  @Test
  void aJarIsStaleWhenASourceIsNewerAndATestOrAResultIsNoSource() throws Exception {
    Path jar = write("src/target/sluice.jar", "");
    for (String file :
        List.of("pom.xml", "analyzer/pom.xml", "gates/pom.xml", "src/main/java/A.java")) {
      Files.setLastModifiedTime(write(file, ""), FileTime.from(Instant.now().minusSeconds(60)));
    }
    write("src/test/java/ATest.java", "");
    write("gates/target/classes/A.class", "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(30)));

    String fresh = "root=" + temp + "; . " + Project.file("bin/common.bash") + "; jar_is_fresh";
    assertEquals(0, bash(Map.of(), fresh).code());

    write("src/main/java/B.java", "");
    assertEquals(1, bash(Map.of(), fresh).code());
  }

  @Test
  void theLauncherMakesTheArchiveOnceAndUsesItFromThenOn() throws Exception {
    Path java = jdk("c-25", "25");
    Path jar = write("sluice.jar", "");

    Ran first = launch(java, jar, "gate", "check", "a b");
    FileTime made = Files.getLastModifiedTime(temp.resolve("sluice-java25.jsa"));
    Ran second = launch(java, jar, "gate", "check", "a b");

    assertEquals(0, first.code(), first.err());
    assertTrue(first.out().endsWith("\n-jar\n" + jar + "\ngate\ncheck\na b\n"), first.out());
    assertEquals(first.out(), second.out());
    assertTrue(second.out().contains("-XX:SharedArchiveFile=" + temp + "/sluice-java25.jsa"));
    assertEquals(made, Files.getLastModifiedTime(temp.resolve("sluice-java25.jsa")));
  }

  @Test
  void theLauncherRunsWithoutAnArchiveWhereNoneCanBeMade() throws Exception {
    Path java = jdk("c-25", "25");
    script(java.resolve("bin/java"), "#!/bin/bash\nprintf '%s\\n' \"$@\"\n");
    Path jar = write("sluice.jar", "");

    Ran ran = launch(java, jar, "help");

    assertEquals(0, ran.code(), ran.err());
    assertFalse(ran.out().contains("SharedArchiveFile"), ran.out());
    assertTrue(ran.out().endsWith("\n-jar\n" + jar + "\nhelp\n"), ran.out());
  }

  @Test
  void theLauncherHandsItsExitCodeOn() throws Exception {
    Path java = jdk("c-25", "25");
    script(java.resolve("bin/java"), "#!/bin/bash\nexit 3\n");

    assertEquals(3, launch(java, write("sluice.jar", ""), "gate").code());
  }

  private Ran launch(Path javaHome, Path jar, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Project.file("bin/sluice").toString()));
    command.addAll(List.of(arguments));
    return run(Map.of("JAVA_HOME", javaHome.toString(), "SLUICE_JAR", jar.toString()), command);
  }

  private Ran choose(Path javaHome) throws Exception {
    return bash(
        Map.of("JAVA_HOME", javaHome.toString(), "PATH", "/usr/bin:/bin"),
        "root=/nowhere; . %s; java_places=(%s/jvm/*); command() { :; }; choose_java jdk; echo \"$JAVA_HOME\""
            .formatted(Project.file("bin/common.bash"), temp));
  }

  private Ran need(Path bin, String pairs) throws Exception {
    return bash(
        Map.of("PATH", bin + ":/usr/bin:/bin"),
        "root=/nowhere; . %s; need_packages %s".formatted(Project.file("bin/common.bash"), pairs));
  }

  private static Ran bash(Map<String, String> environment, String script) throws Exception {
    return run(environment, List.of("bash", "-euo", "pipefail", "-c", script));
  }

  private static Ran run(Map<String, String> environment, List<String> command) throws Exception {
    Path err = Files.createTempFile("bin-test", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().remove("SLUICE_JAVA_OPTIONS");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
    String said = Files.readString(err);
    Files.delete(err);
    return new Ran(process.exitValue(), out, said);
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = temp.resolve("jvm").resolve(name);
    script(home.resolve("bin/java"), PRETENDED_JAVA);
    script(home.resolve("bin/javac"), "#!/bin/bash\n");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  /** A folder with an apt-get that does this, and a sudo that does what it is told. */
  private Path commands(String aptGet) throws IOException {
    Path bin = temp.resolve("commands");
    script(bin.resolve("apt-get"), "#!/bin/bash\n" + aptGet + "\n");
    script(bin.resolve("sudo"), "#!/bin/bash\nexec \"$@\"\n");
    return bin;
  }

  private Path write(String name, String text) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, text);
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
