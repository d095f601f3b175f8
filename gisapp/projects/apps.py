from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "gisapp.projects"

    def ready(self) -> None:
        from gisapp.projects import section
        from gisapp.projects.reference import CODE_LISTS, load_project_code_lists
        from layers import sheet
        from layers.demonstration import register_contributor
        from layers.reference.contributions import contribute

        contribute("project code lists", load_project_code_lists, CODE_LISTS)
        sheet.register(section.projects_of_feature, position=40)
        register_contributor("gisapp.projects.demonstration")
