package dev.sluice.service.cli;

import dev.sluice.analyzer.JudgeSettings;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code swift} and {@code steady}. */
final class PaceConverter implements ITypeConverter<JudgeSettings.Pace> {
  @Override
  public JudgeSettings.Pace convert(String word) {
    return Arrays.stream(JudgeSettings.Pace.values())
        .filter(p -> p.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("must be swift or steady, was '" + word + "'"));
  }
}
