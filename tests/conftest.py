pytest_plugins = ["tests.factories.fixtures"]
