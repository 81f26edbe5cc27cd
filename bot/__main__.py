"""`python -m bot`: serve the trained model. A bad setting ends it with one sentence and exit code 2."""

from __future__ import annotations

import gc
import os
import sys


def main() -> int:
    gc.disable()  # until the model is loaded (bot/server.py): nothing created before that is ever freed
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(
            library, "1"
        )  # a message is too small for two threads; must be set before numpy is imported
    from bot.model_file import ModelError, models_folder, verified_model
    from bot.project import ProjectError, load_project
    from bot.rasa_patches.import_stubs import leave_out_the_unused
    from bot.rasa_patches.quiet import hush, read_config
    from bot.settings import SettingError, read_settings, take_port
    from bot.trained.in_use import CONTENT, choose_at_start, restore_environment, start_again

    restore_environment()
    try:
        settings = read_settings()
        load_project()
        chosen = choose_at_start()
        if chosen is not None:
            os.environ[CONTENT] = str(chosen.content)
            model, sha256 = chosen.model, chosen.sha256
        else:
            model, sha256 = verified_model(models_folder())
        taken = take_port(settings.host, settings.port)
        hush()
        leave_out_the_unused(read_config(), training=False)
        from bot.server import serve

        if serve(settings, taken, model, sha256, chosen.training if chosen else None):
            start_again()
    except (SettingError, ProjectError, ModelError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
