package dev.sluice.service.calibration;

import java.util.List;

/** Rows that stand in one table, below one heading. */
record Section(String title, String about, List<Row> rows) {
  Section {
    rows = List.copyOf(rows);
  }
}
