"""Whose work the site is made of: licences, known weaknesses, a bill of materials. docs/supply.md"""
