from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def handle(self, *_args: object, **_options: object) -> None:
        self.stderr.write("noise")
        self.stdout.write("planner  a-generated-password")
