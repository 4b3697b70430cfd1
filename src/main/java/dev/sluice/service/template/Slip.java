package dev.sluice.service.template;

/**
 * What is wrong with a template, or why it cannot be filled in.
 *
 * @param what one clause, without a full stop
 */
public record Slip(Spot spot, String what, String hint) {}
