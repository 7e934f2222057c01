"""`make sbom` writes sbom.json: CycloneDX, for programs that look after what is installed where."""

import tomllib
from importlib.metadata import metadata

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.packages import ROOT, Package, pinned

FILE = ROOT / "sbom.json"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def bill() -> str:
    packages = {package.name: package for package in pinned()}
    parts = {name: component(package) for name, package in packages.items()}
    site = Component(
        name="marginalia",
        version=PROJECT["version"],
        type=ComponentType.APPLICATION,
        bom_ref="marginalia",
        licenses=[LicenseFactory().make_from_string(PROJECT["license"])],
    )
    bom = Bom(components=parts.values())
    bom.metadata.component = site
    bom.register_dependency(site, [parts[name] for name in wanted_by_the_site() if name in parts])
    for name, part in parts.items():
        bom.register_dependency(part, [parts[other] for other in wanted_by(name) if other in parts])
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def component(package: Package) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(package.licence)],
    )


def wanted_by_the_site() -> list[str]:
    return [canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]]


def wanted_by(name: str) -> list[str]:
    lines = metadata(name).get_all("Requires-Dist", [])
    return [canonicalize_name(Requirement(line).name) for line in lines]


if __name__ == "__main__":
    FILE.write_text(bill())
