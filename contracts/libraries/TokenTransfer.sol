// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title TokenTransfer
/// @notice Pulls tokens into the calling contract and reports what arrived, whatever the token says it moved.
library TokenTransfer {
    using SafeERC20 for IERC20;

    /// @dev Several times what an ERC-2612 permit costs; a token that burns more leaves the caller enough to go on.
    uint256 internal constant PERMIT_GAS = 200_000;

    /// @notice Pulls `amount` from `from` by allowance.
    function pull(IERC20 token, address from, uint256 amount) internal returns (uint256 received) {
        uint256 held = token.balanceOf(address(this));
        token.safeTransferFrom(from, address(this), amount);
        received = token.balanceOf(address(this)) - held;
    }

    /// @notice Pulls `amount` from `from` by its ERC-3009 signature, which only the calling contract can use.
    function pullWithAuthorization(
        IERC20 token,
        address from,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) internal returns (uint256 received) {
        uint256 held = token.balanceOf(address(this));
        IERC3009(address(token)).receiveWithAuthorization(
            from,
            address(this),
            amount,
            validAfter,
            validBefore,
            nonce,
            v,
            r,
            s
        );
        received = token.balanceOf(address(this)) - held;
    }

    /// @notice Uses `owner`'s ERC-2612 permit for the calling contract, if it can still be used.
    /// @dev Anybody may have submitted the permit first; then the allowance is there already, and the pull decides.
    function tryPermit(
        IERC20 token,
        address owner,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) internal {
        try
            IERC20Permit(address(token)).permit{gas: PERMIT_GAS}(owner, address(this), amount, deadline, v, r, s)
        {} catch {}
    }
}
