package dev.sluice.service.flags;

/**
 * What a flag system may keep beside a change, where it keeps such things.
 *
 * @param id of the decision
 * @param sentence why, for the people who read the history over there
 */
public record Note(String id, String sentence) {}
