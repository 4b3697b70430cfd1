package dev.sluice.service.store;

class InMemoryRolloutStoreTest extends RolloutStoreContract {

  @Override
  protected RolloutStore open() {
    return new InMemoryRolloutStore();
  }
}
