package desk

import (
	"agora/app/fail"
	"agora/app/material"
	"agora/app/program"
	"agora/app/web/page"
)

// MaterialMove puts a piece of material before or after its neighbour.
func (s Pages) MaterialMove(v *page.Visit) error {
	_, x, err := v.DraftSession()
	if err != nil {
		return err
	}
	if err := s.Material.Move(v.Ctx, material.Organiser(v.Person.ID), v.Edition, v.Param("material"), v.Sent().Get("to") == "up"); err != nil {
		return err
	}
	return v.Redirect(sessionMaterial(v, x))
}

// MaterialRemove takes one away. What is gone already was removed by somebody
// else, or by the same press twice.
func (s Pages) MaterialRemove(v *page.Visit) error {
	_, x, err := v.DraftSession()
	if err != nil {
		return err
	}
	err = s.Material.Remove(v.Ctx, material.Organiser(v.Person.ID), v.Edition, v.Param("material"))
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	v.Say("success", "flash.material_removed")
	return v.Redirect(sessionMaterial(v, x))
}

// sessionMaterial is where a session's material stands on the desk.
func sessionMaterial(v *page.Visit, x *program.Session) string {
	return "/desk" + v.Edition.Path() + "/program/" + x.Slug + "#material"
}
