"""Keeps modules that Rasa imports and none of our components uses out of our processes.

TensorFlow takes half of the start time and 250 MB of memory. A serving bot needs neither the clients of other channels,
databases and clouds, nor the libraries of training and reports: another 120 MB. Here a stub replaces these
modules; its names can be subclassed, called and used in type hints, which is all that happens at import. Once the model
is loaded, `forbid_stubs` makes every later call of a stub an error, so that no answer can depend on
one. `rasa train`, `rasa shell` and `rasa test` are unaffected and use the real modules.
"""

from __future__ import annotations

import re
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# Rasa's components that use TensorFlow. A config.yml that names one gets the real TensorFlow.
NEED_IT = (
    "DIETClassifier",
    "ResponseSelector",
    "ConveRTFeaturizer",
    "LanguageModelFeaturizer",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
)
NAMES = frozenset({"tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras"})
# Modules that our components do not need, like TensorFlow ...
CLIENTS = frozenset(
    {
        *(
            "aiogram",
            "fbmessenger",
            "slack_sdk",
            "twilio",
            "webexteamssdk",
            "socketio",
            "engineio",
        ),  # channels
        *("aio_pika", "aiormq", "pymongo", "bson", "gridfs", "redis", "boto3", "botocore"),  # stores
        *("matplotlib", "mpl_toolkits", "PIL", "h5py", "safetensors"),  # plots, other models
        *("questionary", "prompt_toolkit", "spacy.cli", "langcodes"),  # the command line
    }
)
# ... and modules that only training needs.
TRAINING = frozenset({"sklearn", "scipy", "joblib", "dask", "sqlalchemy"})
# ... and modules for tokens of Rasa's API, other channels' sign-in, reminders and telemetry, none of which we serve.
UNSERVED = frozenset({"jwt", "cryptography", "google", "cachecontrol", "requests", "apscheduler"})
# Rasa's components that work without them, and "bot.", which is ours.
SERVED = ("bot.", "RulePolicy", "MemoizationPolicy")
_COMPONENT = re.compile(r"\bname:\s*[\"']?([\w.]+)")


class LeftOut(RuntimeError):
    """A stub was called."""


def leave_out_tensorflow(config: str) -> None:
    """Must run before Rasa is imported. `config` is the text of config.yml."""
    if not any(name in config for name in NEED_IT):
        _leave_out(NAMES)


def leave_out_the_unused(config: str, *, training: bool) -> None:
    """Stubs more modules, in `python -m bot` and `python -m bot.train`. A config.yml that names a third-party
    component gets every real module."""
    if all(name.startswith(SERVED) for name in _COMPONENT.findall(config)):
        _leave_out(CLIENTS if training else CLIENTS | TRAINING | UNSERVED)


def forbid_stubs() -> None:
    """From now on, calling a stub raises LeftOut."""
    Stub.pretends = False


def _leave_out(names: frozenset[str]) -> None:
    finder = next((one for one in sys.meta_path if isinstance(one, _Finder)), None)
    if finder is None:
        finder = _Finder()
        sys.meta_path.insert(0, finder)
    finder.names |= names


class _Kind(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


class Stub(metaclass=_Kind):
    """A stub class. Used as a decorator, it returns the decorated object."""

    pretends = True

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if not Stub.pretends:
            raise LeftOut(f"{cls.__module__}.{cls.__qualname__} was called, which is left out while serving")
        if cls is Stub and len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]
        return super().__new__(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __init_subclass__(cls, **kwargs: Any) -> None:
        pass

    def __class_getitem__(cls, item: Any) -> Any:
        return cls

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub


class _Module(ModuleType):
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub


class _Finder(MetaPathFinder, Loader):
    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        parts = fullname.split(".")
        left_out = parts[0] in self.names or ".".join(parts[:2]) in self.names
        return ModuleSpec(fullname, self, is_package=True) if left_out else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass
