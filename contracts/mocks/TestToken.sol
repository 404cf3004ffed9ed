// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

/// @title TestToken
/// @notice A dollar for local chains and test networks: 6 decimals, ERC-2612 and ERC-3009 like the real ones.
/// @dev Warning: anybody may mint.
contract TestToken is ERC20Permit, ERC3009 {
    constructor() ERC20("Assay Test Dollar", "tUSD") ERC20Permit("Assay Test Dollar") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
